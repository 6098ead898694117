--- Asks for reports: one at a time for each buffer, and only for buffers that are in a window.
---
--- A report says all of a document, so one is asked for when the server tells that there is a newer
--- one, never for each key.
local M = {}

---@class promptls.Range
---@field start { line: integer, character: integer }
---@field end { line: integer, character: integer }

---@class promptls.Use
---@field limit integer
---@field used integer
---@field share number

---@class promptls.Section
---@field title string
---@field kind string
---@field level integer
---@field headRange promptls.Range
---@field sent boolean
---@field tokens? integer
---@field ownTokens? integer
---@field expandedTokens? integer
---@field budget? promptls.Use

---@class promptls.Reference
---@field kind string
---@field target string
---@field range promptls.Range
---@field status string
---@field tokens? integer
---@field expandedTokens? integer
---@field message? string

---@class promptls.Finding
---@field code string
---@field severity 'error'|'warning'|'information'|'hint'
---@field range promptls.Range
---@field message string

---@class promptls.Report
---@field uri string
---@field dialect string
---@field model? string
---@field encoding string
---@field accuracy 'exact'|'calibrated'|'estimate'
---@field tokens? integer
---@field expandedTokens? integer
---@field estimate? { low: integer, likely: integer, high: integer, source: string }
---@field framing? { tokens: integer }
---@field budget? promptls.Use
---@field sections promptls.Section[]
---@field references promptls.Reference[]
---@field findings promptls.Finding[]

---@alias promptls.ReportListener fun(buffer: integer, report?: promptls.Report)

---@class promptls.Asking
---@field client integer the id of the server that was asked last
---@field asked boolean a request is under way
---@field behind boolean there is a newer report than the one that was asked for last

---@type table<integer, promptls.Asking> by buffer
local asking = {}

---@type table<promptls.ReportListener, true>
local listeners = {}

local function publish(buffer, report)
  -- A listener may end its subscription while it is called.
  for _, listener in ipairs(vim.tbl_keys(listeners)) do
    listener(buffer, report)
  end
end

--- Has `listener` called with each report, and with nil for a buffer that has none any more or
--- whose first one is awaited.
---@param listener promptls.ReportListener
---@return fun() # ends it
function M.subscribe(listener)
  listeners[listener] = true
  return function()
    listeners[listener] = nil
  end
end

---@param buffer integer
local function ask(buffer)
  local state = asking[buffer]
  local client = state and vim.lsp.get_client_by_id(state.client)
  if not client or state.asked then
    return
  end
  if #vim.fn.win_findbuf(buffer) == 0 then
    return
  end
  state.asked, state.behind = true, false
  local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) } }
  local sent = client:request('promptls/report', params, function(failure, report)
    if asking[buffer] ~= state then
      return
    end
    state.asked = false
    if not failure and report then
      publish(buffer, report)
    end
    if state.behind then
      ask(buffer)
    end
  end, buffer)
  if not sent then
    state.asked = false
  end
end

--- Has the buffer's reports published from now on.
---@param client vim.lsp.Client
---@param buffer integer
function M.want(client, buffer)
  asking[buffer] = { client = client.id, asked = false, behind = true }
  publish(buffer, nil)
  ask(buffer)
end

--- There is a newer report of a document.
---@param client_id integer
---@param uri string
function M.changed(client_id, uri)
  for buffer, state in pairs(asking) do
    if state.client == client_id and vim.uri_from_bufnr(buffer) == uri then
      state.behind = true
      ask(buffer)
      return
    end
  end
end

--- A buffer has come into a window.
---@param buffer integer
function M.shown(buffer)
  local state = asking[buffer]
  if state and state.behind then
    ask(buffer)
  end
end

--- The server is not attached to the buffer any more.
---@param buffer integer
function M.forget(buffer)
  if asking[buffer] then
    asking[buffer] = nil
    publish(buffer, nil)
  end
end

---@param buffer integer
---@return boolean # whether reports of the buffer are published
function M.wanted(buffer)
  return asking[buffer] ~= nil
end

return M

--- Requests to the server of a buffer.
local notice = require('promptls.notice')

local M = {}

--- The server that is attached to a buffer. Tells the user when there is none.
---@param buffer integer
---@return vim.lsp.Client?
function M.server_of(buffer)
  local client = vim.lsp.get_clients({ name = 'promptls', bufnr = buffer })[1]
  if not client then
    notice.warn('no server is attached to this buffer. :Promptls attach attaches it')
  end
  return client
end

--- Any server, that of the buffer before others. Tells the user when there is none.
---@param buffer integer
---@return vim.lsp.Client?
function M.any_server(buffer)
  local client = vim.lsp.get_clients({ name = 'promptls', bufnr = buffer })[1]
    or vim.lsp.get_clients({ name = 'promptls' })[1]
  if not client then
    notice.warn('no server is running. It starts with the first prompt; see :checkhealth promptls')
  end
  return client
end

---@param client vim.lsp.Client
---@param buffer integer
---@param method string
---@param params table
---@param on_result fun(result: any) not called when the request fails; the user is told then
function M.ask(client, buffer, method, params, on_result)
  local sent = client:request(method, params, function(failure, result)
    if failure then
      notice.error(failure.message)
    elseif result == nil then
      notice.warn('the settings of this buffer are not known yet')
    else
      on_result(result)
    end
  end, buffer)
  if not sent then
    notice.warn('the server has ended. :Promptls restart starts it again')
  end
end

--- Sends a request about a buffer to its server.
---@param buffer integer
---@param method string
---@param on_result fun(result: any, client: vim.lsp.Client)
function M.about(buffer, method, on_result)
  local client = M.server_of(buffer)
  if client then
    local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) } }
    M.ask(client, buffer, method, params, function(result)
      on_result(result, client)
    end)
  end
end

return M

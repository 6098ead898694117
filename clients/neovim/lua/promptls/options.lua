--- The options of `require('promptls').setup()`.
local M = {}

---@class promptls.Options
---@field cmd? string[] The command that starts the server. Default: `promptls server`.
---@field trusted? boolean|string[] Whether workspaces are trusted, or the folders below which they are. Default: false.
---@field inlay_hints? boolean Whether hints are shown in the buffers of promptls. Default: true.
---@field settings? table<string, any> Settings of the server, as in its documentation: `{ budget = { section = 500 } }`.
---@field machine? table<string, any> Machine settings of the server: `{ allowedHosts = { … } }`.
---@field log_level? 'debug'|'info'|'warning'|'error' What the server logs. Default: 'warning'.

---@type promptls.Options
local DEFAULTS = {
  trusted = false,
  inlay_hints = true,
  log_level = 'warning',
}

local LOG_LEVELS = { 'debug', 'info', 'warning', 'error' }

local function is_list_of_strings(value)
  return vim.islist(value)
    and vim.iter(value):all(function(item)
      return type(item) == 'string'
    end)
end

---@type table<string, { [1]: fun(value: any): boolean; [2]: string }>
local ACCEPTED = {
  cmd = {
    function(value)
      return is_list_of_strings(value) and #value > 0
    end,
    'a list of strings',
  },
  trusted = {
    function(value)
      return type(value) == 'boolean' or is_list_of_strings(value)
    end,
    'true, false or a list of folders',
  },
  inlay_hints = {
    function(value)
      return type(value) == 'boolean'
    end,
    'true or false',
  },
  settings = {
    function(value)
      return type(value) == 'table'
    end,
    'a table',
  },
  machine = {
    function(value)
      return type(value) == 'table'
    end,
    'a table',
  },
  log_level = {
    function(value)
      return vim.list_contains(LOG_LEVELS, value)
    end,
    'one of ' .. table.concat(LOG_LEVELS, ', '),
  },
}

---@type promptls.Options
local current = vim.deepcopy(DEFAULTS)
local revision = 0

---@return promptls.Options
function M.get()
  return current
end

--- Raised whenever options are set.
---@return integer
function M.revision()
  return revision
end

--- Raises an error for an unknown option or one of the wrong type; nothing is changed then.
---@param given promptls.Options
function M.set(given)
  for name, value in pairs(given) do
    local accepted = ACCEPTED[name]
    if not accepted then
      error(('promptls: there is no option `%s`; see :help promptls-options'):format(name), 0)
    end
    if not accepted[1](value) then
      error(('promptls: the option `%s` must be %s'):format(name, accepted[2]), 0)
    end
  end
  revision = revision + 1
  current = vim.tbl_extend('force', DEFAULTS, given)
  for _, name in ipairs({ 'settings', 'machine' }) do
    -- An empty table would be an empty list in JSON.
    if current[name] and vim.tbl_isempty(current[name]) then
      current[name] = nil
    end
  end
end

return M

--- `:Promptls`: finds the subcommand, and completes its name.
local notice = require('promptls.notice')

local M = {}

---@alias promptls.Command fun(buffer: integer, call: vim.api.keyset.create_user_command.command_args)

---@type table<string, string> the module of each subcommand, loaded when it is called
local MODULES = {
  attach = 'promptls.commands.attach',
  hints = 'promptls.commands.hints',
  jobs = 'promptls.commands.jobs',
  log = 'promptls.commands.log',
  references = 'promptls.commands.references',
  refresh = 'promptls.commands.refresh',
  render = 'promptls.commands.render',
  report = 'promptls.commands.report',
  restart = 'promptls.commands.restart',
  trust = 'promptls.commands.trust',
  workspace = 'promptls.commands.workspace',
}

---@param typed string what stands before the cursor
---@return string[]
function M.complete(typed)
  local names = vim.tbl_keys(MODULES)
  table.sort(names)
  return vim.tbl_filter(function(name)
    return vim.startswith(name, typed)
  end, names)
end

--- Runs a subcommand; `report` when none is named.
---@param call vim.api.keyset.create_user_command.command_args
function M.run(call)
  local name = call.args == '' and 'report' or vim.trim(call.args)
  local module = MODULES[name]
  if not module then
    local known = table.concat(M.complete(''), ', ')
    notice.error(('there is no command `%s`; there are: %s'):format(name, known))
    return
  end
  ---@type promptls.Command
  local command = require(module)
  command(vim.api.nvim_get_current_buf(), call)
end

return M

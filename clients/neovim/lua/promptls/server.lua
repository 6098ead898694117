--- Finding and starting the server.
local notice = require('promptls.notice')
local options = require('promptls.options')

local M = {}

M.HOW_TO_INSTALL = 'Install it (`pipx install` or `pip install` with the folder of a checkout of'
  .. ' promptls) so that `promptls` is on the PATH, or name it: '
  .. "require('promptls').setup({ cmd = { '/path/to/promptls', 'server' } })"

local PATIENCE = 3000 -- milliseconds for a server to shut down

local told = false
local stopping = false

--- Where the server writes its log.
---@return string
function M.log_file()
  return vim.fs.joinpath(vim.fn.stdpath('log') --[[@as string]], 'promptls.log')
end

--- The command that starts the server.
---@return string[]? command nil where the program is not there
---@return string? problem why there is none
function M.command()
  local configured = vim.lsp.config.promptls
  if configured and type(configured.cmd) == 'table' then
    -- It stands in a `vim.lsp.config('promptls', …)`, and is run as it is.
    local command = configured.cmd --[[@as string[] ]]
    if vim.fn.executable(command[1]) == 0 then
      return nil, ('`%s` is not an executable program.'):format(command[1])
    end
    return command
  end
  local command = vim.deepcopy(options.get().cmd or { 'promptls', 'server' })
  local program = vim.fn.exepath(command[1])
  if program == '' then
    return nil, ('the server `%s` was not found.'):format(command[1])
  end
  command[1] = program
  if not vim.list_contains(command, '--log-file') then
    vim.list_extend(command, { '--log-file', M.log_file() })
    vim.list_extend(command, { '--log-level', options.get().log_level })
  end
  return command
end

--- Whether the server can be started. Tells the user once when it cannot.
---@return boolean
function M.is_there()
  local command, problem = M.command()
  if command then
    return true
  end
  if not told then
    told = true
    -- A prompt that Neovim is started with is read before there is a screen to tell it on.
    vim.schedule(function()
      notice.error(('%s %s. More: :checkhealth promptls'):format(problem, M.HOW_TO_INSTALL))
    end)
  end
  return false
end

--- Starts the server. Raises an error where that is not possible.
---@param dispatchers vim.lsp.rpc.Dispatchers
---@return vim.lsp.rpc.PublicClient
function M.start(dispatchers)
  local command, problem = M.command()
  if not command then
    error(('promptls: %s %s'):format(problem, M.HOW_TO_INSTALL), 0)
  end
  vim.fn.mkdir(vim.fs.dirname(M.log_file()), 'p')
  -- With `python -m promptls`, modules would come from the working directory first, and that may
  -- be somebody else's repository.
  return vim.lsp.rpc.start(command, dispatchers, { env = { PYTHONSAFEPATH = '1' } })
end

--- A server has ended.
---@param code integer
---@param signal integer
function M.ended(code, signal)
  if not stopping and (code ~= 0 or signal ~= 0) then
    vim.schedule(function()
      notice.warn(
        'the server has ended unexpectedly. :Promptls restart starts it again,'
          .. ' :Promptls log shows why'
      )
    end)
  end
end

--- Calls `gone` when all servers have ended; those that take too long are made to.
---@param gone fun()
local function stop_all(gone)
  local started = vim.uv.now()
  local forced = false
  local function look()
    local clients = vim.lsp.get_clients({ name = 'promptls' })
    if #clients == 0 then
      return gone()
    end
    local force = not forced and vim.uv.now() - started > PATIENCE
    forced = forced or force
    for _, client in ipairs(clients) do
      if force then
        client.rpc.terminate()
      else
        client:stop()
      end
    end
    vim.defer_fn(look, 50)
  end
  look()
end

--- Stops all servers, and starts those that the open buffers need.
---@param on_gone? fun() called when the old ones have ended
function M.restart(on_gone)
  told = false
  stopping = true
  stop_all(function()
    stopping = false
    vim.lsp.enable('promptls')
    if on_gone then
      on_gone()
    end
  end)
end

return M

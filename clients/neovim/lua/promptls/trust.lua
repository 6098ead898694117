--- Which workspaces are trusted: only there may the server fetch addresses and read variables.
local options = require('promptls.options')

local M = {}

---@type table<string, true> workspace folders that were trusted since Neovim was started
local granted = {}

---@param path string
local function real(path)
  return vim.uv.fs_realpath(vim.fs.normalize(path)) or vim.fs.normalize(path)
end

---@param client vim.lsp.Client
---@return string # "" for the server of files outside of any workspace
local function workspace_of(client)
  return client.root_dir and real(client.root_dir) or ''
end

--- Whether the workspace of a server is trusted.
---@param client vim.lsp.Client
---@return boolean
function M.is_trusted(client)
  local workspace = workspace_of(client)
  local trusted = options.get().trusted
  if type(trusted) == 'boolean' then
    return trusted or granted[workspace] == true
  end
  return granted[workspace] == true
    or (
      workspace ~= ''
      and vim.iter(trusted or {}):any(function(folder)
        return vim.fs.relpath(real(folder), workspace) ~= nil
      end)
    )
end

--- Tells a server if its workspace is trusted; it may be told more than once.
---@param client vim.lsp.Client
function M.tell(client)
  if M.is_trusted(client) then
    client:notify('promptls/trustGranted', vim.empty_dict())
  end
end

--- Trusts the workspace of a server until Neovim ends, restarts of the server included.
---@param client vim.lsp.Client
function M.grant(client)
  granted[workspace_of(client)] = true
  M.tell(client)
end

return M

--- What happens when the server is attached to a buffer, and to which it is.
local filetypes = require('promptls.filetypes')
local options = require('promptls.options')
local reports = require('promptls.reports')
local server = require('promptls.server')
local status = require('promptls.status')
local trust = require('promptls.trust')

local M = {}

reports.subscribe(status.update)

---@param buffer integer
---@return string? # the workspace folder
local function root_of(buffer)
  return vim.fs.root(buffer, vim.lsp.config.promptls.root_markers or { '.git' })
end

--- Calls `on_dir` with the workspace folder if the server is to be attached.
---@param buffer integer
---@param on_dir fun(root?: string)
function M.decide(buffer, on_dir)
  local root = root_of(buffer)
  if vim.bo[buffer].filetype == 'text' then
    local path = vim.api.nvim_buf_get_name(buffer)
    if not filetypes.is_prompt_text(path, root) then
      return
    end
  end
  if server.is_there() then
    on_dir(root)
  end
end

--- Attaches the server to a buffer, whatever it is.
---@param buffer integer
function M.attach(buffer)
  if server.is_there() then
    local config = vim.deepcopy(vim.lsp.config.promptls)
    config.root_dir = root_of(buffer)
    vim.lsp.start(config, { bufnr = buffer })
  end
end

--- Has a server take the options that it was not started with, as far as it can while it runs.
---@param client vim.lsp.Client
local function update_options(client)
  local config = client.config --[[@as { options_revision?: integer }]]
  if config.options_revision ~= options.revision() then
    config.options_revision = options.revision()
    client.settings = vim.lsp.config.promptls.settings or {}
    client:notify('workspace/didChangeConfiguration', { settings = client.settings })
  end
  trust.tell(client)
end

---@param client vim.lsp.Client
---@param buffer integer
function M.attached(client, buffer)
  update_options(client)
  if options.get().inlay_hints then
    vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
  end
  reports.want(client, buffer)
end

---@param buffer integer
function M.detached(buffer)
  reports.forget(buffer)
end

--- Options were set: running servers take them.
function M.options_changed()
  vim.iter(vim.lsp.get_clients({ name = 'promptls' })):each(update_options)
end

return M

--- What configurations and status lines call. See `:help promptls`.
local M = {}

--- Sets options; those left out have their defaults. Not needed where the defaults will do.
---
--- May be called again: running servers take the new `settings` and `trusted` at once, a new `cmd`,
--- `machine` or `log_level` after `:Promptls restart`.
--- Raises an error for an unknown option or one of the wrong type.
---@param given? promptls.Options
function M.setup(given)
  require('promptls.options').set(given or {})
  -- Makes the configuration be read anew.
  vim.lsp.config('promptls', {})
  require('promptls.attachment').options_changed()
end

--- The figures of a buffer as of the server's last report. Sends nothing, so it may be called
--- whenever the screen is drawn.
---@param buffer? integer default: the current one
---@return promptls.Status? # nil where promptls is not attached
function M.status(buffer)
  local status = package.loaded['promptls.status']
  return status and status.get(type(buffer) == 'number' and buffer or 0)
end

--- The figures of a buffer as a part of 'statusline', 'winbar' or a lualine section, so with `%`
--- doubled: `1,234 tok → 5,678 · 71 %% of 8,000`. Empty where promptls is not attached.
---@param buffer? integer default: the current one; anything but a number counts as left out
---@return string
function M.statusline(buffer)
  local status = M.status(buffer)
  return status and (status.text:gsub('%%', '%%%%')) or ''
end

--- The highlight group that goes with the figures of a buffer: `PromptlsNormal`, `PromptlsWarning`
--- near the document's budget, `PromptlsError` over it.
---@param buffer? integer default: the current one; anything but a number counts as left out
---@return string
function M.statusline_highlight(buffer)
  local status = M.status(buffer)
  return status and status.highlight or 'PromptlsNormal'
end

return M

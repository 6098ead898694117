-- The configuration of the server, for `vim.lsp.config` and `vim.lsp.enable`. What
-- `vim.lsp.config('promptls', { … })` says elsewhere is put over it.
local options = require('promptls.options').get()

---@type vim.lsp.Config
return {
  cmd = function(dispatchers)
    return require('promptls.server').start(dispatchers)
  end,
  filetypes = require('promptls.filetypes').names,
  root_markers = { { 'promptls.toml', '.git' } },
  root_dir = function(buffer, on_dir)
    require('promptls.attachment').decide(buffer, on_dir)
  end,
  capabilities = {
    textDocument = {
      -- Neovim 0.11 asks for diagnostics only after an edit of the same buffer. Have them pushed,
      -- so that they also follow changes in imported files.
      diagnostic = vim.NIL,
    },
  },
  init_options = {
    reportNotifications = true,
    trusted = options.trusted == true,
    machine = options.machine,
  },
  -- Options may be set while a server that was started with others is not ready yet.
  options_revision = require('promptls.options').revision(),
  settings = options.settings and { promptls = options.settings } or nil,
  handlers = {
    ['promptls/reportChanged'] = function(_, params, context)
      require('promptls.reports').changed(context.client_id, params.uri)
    end,
  },
  on_exit = function(code, signal)
    require('promptls.server').ended(code, signal)
  end,
}

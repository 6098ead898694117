-- Loads the plugin after the start, as plugin managers do, with options that follow.
return function(check)
  local folder = vim.env.CHECK_PLUGIN
  vim.opt.runtimepath:prepend(folder)
  vim.cmd.source(folder .. '/plugin/promptls.lua')
  require('promptls').setup({ inlay_hints = false, settings = { budget = { document = 50 } } })
  check.wait(function()
    local status = require('promptls').status()
    return status and status.budget
  end)
  return {
    budget = require('promptls').status().budget.limit,
    hints = vim.lsp.inlay_hint.is_enabled({ bufnr = 0 }),
  }
end

--- `:Promptls hints`: hide the inlay hints of a buffer, or show them again.
---@type promptls.Command
return function(buffer)
  local shown = vim.lsp.inlay_hint.is_enabled({ bufnr = buffer })
  vim.lsp.inlay_hint.enable(not shown, { bufnr = buffer })
end

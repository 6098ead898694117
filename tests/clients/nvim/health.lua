-- Gives the health of a server that was configured to have its diagnostics pulled.
return function(check)
  local function settled()
    return check.wait(function()
      local status = require('promptls').status()
      return status and status.expanded_tokens
    end)
  end
  settled()
  vim.lsp.config('promptls', { capabilities = vim.lsp.protocol.make_client_capabilities() })
  vim.cmd('Promptls restart')
  check.wait(function()
    return check.status(0) == nil
  end)
  settled()
  vim.cmd('checkhealth promptls')
  return check.lines()
end

-- A prompt that is in no window is not asked about; when it comes back, its figures are the new ones.
return function(check)
  local prompt = vim.api.nvim_get_current_buf()
  check.wait(function()
    local status = require('promptls').status(prompt)
    return status and status.tokens
  end)
  local before = check.status(prompt)
  vim.o.hidden = true
  vim.cmd.enew()
  check.set(prompt, -1, -1, { 'one two three four five six seven' })
  local asked = 0
  local client = vim.lsp.get_clients({ name = 'promptls' })[1]
  local reports = require('promptls.reports')
  local changed, told = reports.changed, 0
  reports.changed = function(...)
    told = told + 1
    changed(...)
  end
  local request = client.request
  client.request = function(self, method, ...)
    asked = asked + (method == 'promptls/report' and 1 or 0)
    return request(self, method, ...)
  end
  check.wait(function()
    return told > 0
  end)
  local while_hidden = { asked = asked, text = check.status(prompt) }
  vim.cmd.buffer(prompt)
  check.wait(function()
    return check.status(prompt) ~= before
  end)
  return { before = before, while_hidden = while_hidden, after = check.status(prompt) }
end

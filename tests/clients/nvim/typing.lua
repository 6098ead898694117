-- Edits a prompt with the plugin alone, and gives what is shown after each step.
return function(check)
  local buffer = vim.api.nvim_get_current_buf()
  local steps = {}

  local function is_pending(hint)
    return hint[3] == '⋯'
  end

  local function step(hints, diagnostics, highlight)
    check.wait(function()
      local shown = check.hints(buffer)
      return #shown == hints
        and not vim.iter(shown):any(is_pending)
        and #check.diagnostics(buffer) == diagnostics
        and require('promptls').statusline_highlight() == highlight
    end)
    table.insert(steps, {
      hints = check.hints(buffer),
      diagnostics = check.diagnostics(buffer),
      text = check.status(buffer),
      highlight = require('promptls').statusline_highlight(),
    })
  end

  step(2, 3, 'PromptlsError')
  check.set(buffer, 3, 4, { 'Be brief.' })
  step(2, 0, 'PromptlsNormal')
  vim.api.nvim_buf_set_text(buffer, 2, 8, 2, 8, { '漢' })
  check.set(buffer, 4, 4, { '### 😀 more', string.rep('word ', 12), '漢字 😀 @file:no.md' })
  step(4, 5, 'PromptlsWarning')
  check.set(buffer, 0, -1, { '' })
  step(1, 0, 'PromptlsNormal')

  local client = vim.lsp.get_clients({ name = 'promptls' })[1]
  local requests = 0
  local request = client.request
  client.request = function(...)
    requests = requests + 1
    return request(...)
  end
  check.set(buffer, 0, -1, { 'Answer.' })
  local drawn = {}
  for number = 1, 100 do
    drawn[number] = require('promptls').statusline()
  end
  local drawing = requests
  client.request = request
  return {
    steps = steps,
    statuses = check.statuses,
    requests_while_drawing = drawing,
    encoding = client.offset_encoding,
    pull = client:supports_method('textDocument/diagnostic'),
  }
end

-- Runs each subcommand, and gives what it shows.
return function(check)
  local prompt = vim.api.nvim_get_current_buf()
  local window = vim.api.nvim_get_current_win()
  local shown = {}
  check.wait(function()
    local status = require('promptls').status(prompt)
    return status and status.expanded_tokens and #check.diagnostics(prompt) > 0
  end)

  local function back()
    vim.api.nvim_set_current_win(window)
    vim.cmd.only({ mods = { silent = true } })
    vim.cmd.buffer(prompt)
    check.set(prompt, 0, 1, { '# 漢字 😀' })
    vim.api.nvim_win_set_cursor(0, { 1, 0 })
  end

  -- `report`, also without a name; it follows edits, and jumps.
  vim.cmd('Promptls')
  local view = check.in_buffer('promptls://report/prompts/p.md')
  shown.report = check.lines(view)
  local row = vim.fn.search('missing.md')
  check.press('<CR>')
  shown.report_jump = {
    row = row > 0,
    name = vim.fs.basename(vim.api.nvim_buf_get_name(0)),
    at = vim.api.nvim_win_get_cursor(0),
  }
  check.set(prompt, 0, 1, { '# Changed' })
  check.wait(function()
    return vim.iter(check.lines(view)):any(function(line)
      return line:find('Changed', 1, true) ~= nil
    end)
  end)
  shown.report_followed = check.lines(view)
  vim.api.nvim_set_current_win(vim.fn.win_findbuf(view)[1])
  check.press('q')
  shown.report_closed = not vim.api.nvim_buf_is_valid(view)
  back()

  vim.cmd('Promptls references')
  check.wait(function()
    return vim.bo.buftype == 'quickfix'
  end)
  shown.references = vim.tbl_map(function(item)
    return { item.lnum, item.col, item.text }
  end, vim.fn.getloclist(0))
  back()

  vim.cmd('Promptls render')
  local rendered = check.in_buffer('promptls://rendered/prompts/p.md')
  shown.rendered = check.lines(rendered)
  shown.rendered_beside = vim.fn.winlayout()[1]
  shown.rendered_is_locked = not vim.bo[rendered].modifiable
  shown.rendered_marks = vim.tbl_map(function(mark)
    return { mark[2], mark[4].virt_text[1][1] }
  end, vim.api.nvim_buf_get_extmarks(rendered, -1, 0, -1, { details = true, type = 'virt_text' }))
  vim.fn.search('Second line of the part')
  check.press('<CR>')
  shown.rendered_jump = {
    vim.fs.basename(vim.api.nvim_buf_get_name(0)),
    vim.api.nvim_win_get_cursor(0)[1],
  }
  back()

  vim.cmd('Promptls workspace')
  local function items()
    vim.cmd('silent Promptls workspace')
    check.wait(function()
      return vim.bo.buftype == 'quickfix'
    end)
    local found = vim.tbl_map(function(item)
      return { vim.fs.basename(vim.api.nvim_buf_get_name(item.bufnr)), item.text }
    end, vim.fn.getqflist())
    back()
    return found
  end
  check.wait(function()
    shown.workspace = items()
    return #shown.workspace == 2
  end)

  vim.cmd('Promptls jobs')
  check.in_buffer('promptls://jobs')
  shown.jobs = check.lines()
  back()

  vim.cmd('Promptls refresh')
  shown.refreshed = check.wait(function()
    return vim.list_contains(check.notices, 'promptls: references are being looked up again')
  end)

  local hints = vim.lsp.inlay_hint.is_enabled({ bufnr = prompt })
  vim.cmd('Promptls hints')
  local without = vim.lsp.inlay_hint.is_enabled({ bufnr = prompt })
  vim.cmd('Promptls hints')
  shown.hints = { hints, without, vim.lsp.inlay_hint.is_enabled({ bufnr = prompt }) }

  local log = require('promptls.server').log_file()
  vim.fn.writefile({}, log)
  vim.cmd('Promptls log')
  shown.empty_log = check.notices[#check.notices]
  vim.fn.writefile({ 'one', 'two' }, log)
  vim.cmd('Promptls log')
  shown.log = { vim.api.nvim_get_current_line(), vim.bo.readonly }
  back()

  vim.cmd('Promptls nonsense')
  shown.nonsense = check.notices[#check.notices]
  vim.cmd.enew()
  vim.cmd('Promptls report')
  shown.unattached = check.notices[#check.notices]
  shown.completed = vim.fn.getcompletion('Promptls re', 'cmdline')
  return shown
end

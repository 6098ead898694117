-- Changes options while the server runs.
return function(check)
  local buffer = vim.api.nvim_get_current_buf()
  local texts = {}
  for _, budget in ipairs({ 100, 200 }) do
    require('promptls').setup({ settings = { budget = { document = budget } } })
    check.wait(function()
      local text = check.status(buffer)
      return text and vim.endswith(text, ('of %d'):format(budget))
    end)
    table.insert(texts, check.status(buffer))
  end
  require('promptls').setup()
  check.wait(function()
    return check.status(buffer) and not check.status(buffer):find('%%')
  end)
  table.insert(texts, check.status(buffer))
  return { texts = texts, servers = #vim.api.nvim_get_proc_children(vim.fn.getpid()) }
end

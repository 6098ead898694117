-- Builds the tags of the help file in a copy of it, and gives them with the links that lead nowhere.
return function()
  local copy = vim.env.CHECK_COPY
  vim.fn.mkdir(copy, 'p')
  local text = vim.fn.readfile(vim.env.CHECK_PLUGIN .. '/doc/promptls.txt')
  vim.fn.writefile(text, copy .. '/promptls.txt')
  vim.cmd.helptags(vim.fn.fnameescape(copy))
  vim.opt.runtimepath:prepend(vim.fs.dirname(copy))
  vim.cmd.help('promptls')
  local tags = vim.tbl_map(function(line)
    return line:match('^[^\t]+')
  end, vim.fn.readfile(copy .. '/tags'))
  local unknown = {}
  for _, line in ipairs(text) do
    for link in line:gmatch('|([^%s|]+)|') do
      if not vim.list_contains(vim.fn.getcompletion(link, 'help'), link) then
        table.insert(unknown, link)
      end
    end
  end
  return {
    topic = vim.fs.basename(vim.api.nvim_buf_get_name(0)),
    tags = tags,
    unknown_links = unknown,
    commands = vim.fn.getcompletion('Promptls ', 'cmdline'),
  }
end

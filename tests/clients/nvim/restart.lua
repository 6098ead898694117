-- Kills the server and starts it again, and gives what is shown before, between and after.
return function(check)
  local buffer = vim.api.nvim_get_current_buf()
  local function shown()
    return { hints = #check.hints(buffer), status = check.status(buffer) or 'none' }
  end
  local function settled()
    return check.wait(function()
      local status = require('promptls').status(buffer)
      return status and status.expanded_tokens and #check.hints(buffer) == 2
    end)
  end
  local function servers()
    return vim.api.nvim_get_proc_children(vim.fn.getpid())
  end

  settled()
  local before, first = shown(), servers()
  vim.uv.kill(first[1], 'sigkill')
  check.wait(function()
    return check.status(buffer) == nil and #vim.lsp.get_clients() == 0 and #check.notices >= 1
  end)
  local killed = shown().status
  local said = vim.deepcopy(check.notices)
  vim.cmd('Promptls restart')
  settled()
  local after, second = shown(), servers()
  -- And while it runs.
  vim.cmd('Promptls restart')
  check.wait(function()
    return check.status(buffer) == nil
  end)
  settled()
  local third = servers()
  return {
    before = before,
    killed = killed,
    after = after,
    again = shown(),
    said = said,
    servers = { #first, #second, #third },
    distinct = first[1] ~= second[1] and second[1] ~= third[1],
    attached = #vim.lsp.get_clients({ name = 'promptls', bufnr = buffer }),
  }
end

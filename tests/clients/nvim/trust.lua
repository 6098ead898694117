-- Gives the findings of a prompt that reads a variable of the environment, as trust comes.
return function(check)
  local buffer = vim.api.nvim_get_current_buf()
  local function settled()
    check.wait(function()
      local status = require('promptls').status(buffer)
      return status and status.expanded_tokens
    end)
    return check.codes(buffer)
  end
  check.wait_for(vim.json.decode(vim.env.CHECK_FIRST), function()
    return check.codes(buffer)
  end)
  local first = settled()
  vim.cmd('Promptls trust')
  local granted = check.wait_for({}, function()
    return check.codes(buffer)
  end)
  vim.cmd('Promptls restart')
  check.wait(function()
    return check.status(buffer) == nil
  end)
  return { first = first, granted = granted, restarted = settled(), said = check.notices[1] }
end

-- Runs a script in Neovim when it has started, and writes what the script gives as JSON.
-- CHECK_SCRIPT names the script, CHECK_ANSWER the file for the answer.
local check = { notices = {}, statuses = {} }

local WITHIN = 20000 -- milliseconds: long, since the machine may be busy

---@diagnostic disable-next-line: duplicate-set-field
vim.notify = function(message)
  table.insert(check.notices, message)
end

vim.api.nvim_create_autocmd('User', {
  pattern = 'PromptlsStatus',
  callback = function(event)
    local status = require('promptls').status(event.data.buf)
    table.insert(check.statuses, status and status.text or 'none')
  end,
})

--- Waits until a condition holds; whether it does.
function check.wait(condition)
  return (vim.wait(WITHIN, condition, 20))
end

--- Waits until a function has given the same, wanted or not, value; gives the last one.
function check.wait_for(wanted, get)
  check.wait(function()
    return vim.deep_equal(get(), wanted)
  end)
  return get()
end

function check.hints(buffer)
  local found = {}
  for _, item in ipairs(vim.lsp.inlay_hint.get({ bufnr = buffer })) do
    local position = item.inlay_hint.position
    table.insert(found, { position.line, position.character, item.inlay_hint.label })
  end
  table.sort(found, function(a, b)
    return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2])
  end)
  return found
end

function check.diagnostics(buffer)
  local found = {}
  for _, item in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(found, { item.lnum, item.col, item.end_col, item.code })
  end
  table.sort(found, function(a, b)
    return a[1] < b[1] or (a[1] == b[1] and a[2] < b[2])
  end)
  return found
end

function check.codes(buffer)
  local codes = vim.tbl_map(function(item)
    return item.code
  end, vim.diagnostic.get(buffer))
  table.sort(codes)
  return codes
end

function check.status(buffer)
  local status = require('promptls').status(buffer)
  return status and status.text
end

function check.lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, true)
end

function check.set(buffer, first, last, lines)
  vim.api.nvim_buf_set_lines(buffer, first, last, true, lines)
end

--- Waits until the current buffer has a name that ends so; gives the buffer.
function check.in_buffer(ending)
  check.wait(function()
    return vim.endswith(vim.api.nvim_buf_get_name(0), ending)
  end)
  return vim.api.nvim_get_current_buf()
end

--- Presses keys and carries out what they do.
function check.press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'x', false)
end

local function run()
  local ran, answer = xpcall(function()
    return assert(loadfile(vim.env.CHECK_SCRIPT))()(check)
  end, debug.traceback)
  local told = ran and { answer = answer } or { error = answer }
  vim.fn.writefile({ vim.json.encode(told) }, vim.env.CHECK_ANSWER)
  vim.cmd('qall!')
end

vim.api.nvim_create_autocmd('VimEnter', { once = true, callback = vim.schedule_wrap(run) })

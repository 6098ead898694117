--- Read-only buffers that show what the server tells.
local M = {}

---@class promptls.Mark
---@field line integer counted from 0
---@field group? string the highlight group of the whole line
---@field virtual? string text behind the line

---@class promptls.Page
---@field name string behind `promptls://`; a buffer of that name is used again
---@field filetype string
---@field mods vim.api.keyset.cmd.mods|table how to split, as the command said

local NAMESPACE = vim.api.nvim_create_namespace('promptls.scratch')

---@param page promptls.Page
---@return integer buffer
local function buffer_of(page)
  local name = 'promptls://' .. page.name
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_get_name(buffer) == name then
      return buffer
    end
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, name)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  return buffer
end

--- Replaces what a buffer shows.
---@param buffer integer
---@param lines string[]
---@param marks? promptls.Mark[]
function M.fill(buffer, lines, marks)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, true, lines)
  vim.bo[buffer].modifiable = false
  vim.api.nvim_buf_clear_namespace(buffer, NAMESPACE, 0, -1)
  for _, mark in ipairs(marks or {}) do
    vim.api.nvim_buf_set_extmark(buffer, NAMESPACE, mark.line, 0, {
      line_hl_group = mark.group,
      virt_text = mark.virtual and { { mark.virtual, 'Comment' } } or nil,
      virt_text_pos = mark.virtual and 'eol' or nil,
    })
  end
end

--- Shows a buffer in a window of its own; `q` closes it.
---@param page promptls.Page
---@param lines string[]
---@param marks? promptls.Mark[]
---@return integer buffer
function M.open(page, lines, marks)
  local buffer = buffer_of(page)
  M.fill(buffer, lines, marks)
  local window = vim.fn.win_findbuf(buffer)[1]
  if window then
    vim.api.nvim_set_current_win(window)
  else
    vim.cmd.sbuffer({ buffer, mods = page.mods })
  end
  -- Set in its window, since filetype plugins set options of windows.
  vim.bo[buffer].filetype = page.filetype
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, desc = 'Close' })
  return buffer
end

--- Goes to a place in a document, in a window that shows it if there is one.
---@param location { uri: string, range?: promptls.Range }
---@param encoding 'utf-8'|'utf-16'|'utf-32'
function M.jump(location, encoding)
  local buffer = vim.uri_to_bufnr(location.uri)
  if #vim.fn.win_findbuf(buffer) == 0 then
    vim.cmd.wincmd('p')
  end
  vim.lsp.util.show_document(location, encoding, { focus = true, reuse_win = true })
end

return M

--- `:Promptls references`: the document's references by cost, in the location list.
local figures = require('promptls.figures')
local notice = require('promptls.notice')
local requests = require('promptls.requests')

---@param reference promptls.Reference
---@return string
local function text_of(reference)
  local parts = { ('%s %s'):format(reference.kind, reference.target) }
  if reference.tokens then
    table.insert(parts, 1, figures.sent(reference.tokens, reference.expandedTokens))
  end
  if reference.status ~= 'resolved' then
    table.insert(parts, reference.status)
  end
  table.insert(parts, reference.message)
  return table.concat(parts, ' · ')
end

---@param a promptls.Reference
---@param b promptls.Reference
local function costs_more(a, b)
  local of_a = a.expandedTokens or a.tokens or -1
  local of_b = b.expandedTokens or b.tokens or -1
  if of_a ~= of_b then
    return of_a > of_b
  end
  local at_a, at_b = a.range.start, b.range.start
  return at_a.line < at_b.line or (at_a.line == at_b.line and at_a.character < at_b.character)
end

---@type promptls.Command
return function(buffer)
  local window = vim.api.nvim_get_current_win()
  requests.about(buffer, 'promptls/report', function(report, client)
    ---@cast report promptls.Report
    if #report.references == 0 then
      notice.info('this document brings nothing in')
      return
    end
    table.sort(report.references, costs_more)
    local items = vim.tbl_map(function(reference)
      local start = reference.range.start
      local line = vim.api.nvim_buf_get_lines(buffer, start.line, start.line + 1, false)[1] or ''
      return {
        bufnr = buffer,
        lnum = start.line + 1,
        col = vim.str_byteindex(line, client.offset_encoding, start.character, false) + 1,
        text = text_of(reference),
      }
    end, report.references)
    if not vim.api.nvim_win_is_valid(window) then
      return
    end
    vim.api.nvim_set_current_win(window)
    vim.fn.setloclist(window, {}, ' ', { title = 'promptls references', items = items })
    vim.cmd.lopen()
  end)
end

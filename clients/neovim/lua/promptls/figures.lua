--- Figures as a reader sees them; the words are those of the server's hints.
local M = {}

--- `1,234`
---@param number integer
---@return string
function M.number(number)
  local digits = ('%d'):format(number)
  local grouped = digits:reverse():gsub('(%d%d%d)', '%1,'):reverse()
  return (grouped:gsub('^,', ''))
end

--- `1,234 tok`, or `counting…` while it is not known.
---@param tokens? integer
---@return string
function M.tokens(tokens)
  return tokens and M.number(tokens) .. ' tok' or 'counting…'
end

--- `1,234 tok → 5,678` where what is sent differs from what is written, `1,234 tok → ⋯` while that
--- is looked up.
---@param tokens? integer
---@param expanded? integer
---@return string
function M.sent(tokens, expanded)
  local text = M.tokens(tokens)
  if not tokens or tokens == expanded then
    return text
  end
  return ('%s → %s'):format(text, expanded and M.number(expanded) or '⋯')
end

--- ` · 71 % of 8,000`, or nothing without a budget.
---@param use? promptls.Use
---@return string
function M.share(use)
  if not use then
    return ''
  end
  return (' · %d %% of %s'):format(math.floor(100 * use.used / use.limit), M.number(use.limit))
end

--- The figures of a whole document.
---@param report promptls.Report the figures of `promptls/workspaceReport` will do
---@return string
function M.document(report)
  local text
  if report.tokens and report.expandedTokens and report.estimate then
    text = ('≈%s tok'):format(M.number(report.estimate.likely))
  else
    text = M.sent(report.tokens, report.expandedTokens)
  end
  return text .. M.share(report.budget)
end

local EIGHTHS = { '▏', '▎', '▍', '▌', '▋', '▊', '▉' }
local BAR_WIDTH = 10

--- A bar of ten cells.
---@param share number from 0 to 1
---@return string
function M.bar(share)
  local eighths = math.floor(math.max(0, math.min(1, share)) * BAR_WIDTH * 8 + 0.5)
  local bar = ('█'):rep(math.floor(eighths / 8)) .. (EIGHTHS[eighths % 8] or '')
  return bar .. (' '):rep(BAR_WIDTH - vim.api.nvim_strwidth(bar))
end

return M

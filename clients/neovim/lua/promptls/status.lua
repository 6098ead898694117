--- The figures of each buffer, kept for status lines.
local figures = require('promptls.figures')

local M = {}

---@class promptls.Status
---@field text string `1,234 tok → 5,678 · 71 % of 8,000`, `≈1,480 tok` or `counting…`
---@field severity? 'warning'|'error' how far the document is from its budget
---@field highlight string the group that goes with it
---@field tokens? integer as written; nil while they are counted
---@field expanded_tokens? integer as sent; nil while references are looked up
---@field exact boolean whether the figures are those of the model itself
---@field budget? promptls.Use

---@type table<integer, promptls.Status> by buffer
local statuses = {}

---@type promptls.Status
local COUNTING = { text = figures.tokens(nil), highlight = 'PromptlsNormal', exact = true }

local HIGHLIGHTS = { warning = 'PromptlsWarning', error = 'PromptlsError' }

---@param report promptls.Report
---@return 'warning'|'error'|nil
local function severity_of(report)
  for _, finding in ipairs(report.findings) do
    if vim.startswith(finding.code, 'budget/document-') and HIGHLIGHTS[finding.severity] then
      return finding.severity
    end
  end
end

---@param report promptls.Report
---@return promptls.Status
local function status_of(report)
  local severity = severity_of(report)
  return {
    text = figures.document(report),
    severity = severity,
    highlight = HIGHLIGHTS[severity] or 'PromptlsNormal',
    tokens = report.tokens,
    expanded_tokens = report.expandedTokens,
    exact = report.accuracy == 'exact',
    budget = report.budget,
  }
end

--- Takes a report; without one the buffer's figures are not known any more.
---@type promptls.ReportListener
function M.update(buffer, report)
  local before = statuses[buffer]
  if report then
    statuses[buffer] = status_of(report)
  else
    statuses[buffer] = require('promptls.reports').wanted(buffer) and COUNTING or nil
  end
  if vim.deep_equal(before, statuses[buffer]) then
    return
  end
  vim.api.nvim_exec_autocmds('User', {
    pattern = 'PromptlsStatus',
    modeline = false,
    data = { buf = buffer },
  })
  vim.cmd.redrawstatus({ bang = true })
end

--- The figures of a buffer; nil where promptls is not attached.
---@param buffer integer 0 for the current one
---@return promptls.Status?
function M.get(buffer)
  return statuses[buffer == 0 and vim.api.nvim_get_current_buf() or buffer]
end

return M

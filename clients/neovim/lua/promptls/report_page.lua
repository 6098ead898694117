--- A report as the lines of a page.
local figures = require('promptls.figures')

local M = {}

---@class promptls.ReportPage
---@field lines string[]
---@field marks promptls.Mark[]
---@field places table<integer, promptls.Range> by line, counted from 1: where in the document it is

local GROUPS = { error = 'PromptlsError', warning = 'PromptlsWarning' }
local TITLE_WIDTH = 44

--- The severity of a budget finding at each line of the document.
---@param report promptls.Report
---@param kind 'section'|'reference'
---@return table<integer, string>
local function severities(report, kind)
  local found = {}
  for _, finding in ipairs(report.findings) do
    if vim.startswith(finding.code, ('budget/%s-'):format(kind)) then
      found[finding.range.start.line] = finding.severity
    end
  end
  return found
end

---@param title string
---@return string
local function fitted(title)
  title = title:gsub('%s+', ' ')
  if vim.api.nvim_strwidth(title) > TITLE_WIDTH then
    title = vim.fn.strcharpart(title, 0, TITLE_WIDTH - 1) .. '…'
  end
  return title .. (' '):rep(TITLE_WIDTH - vim.api.nvim_strwidth(title))
end

---@class promptls.Row
---@field cost? integer
---@field title string
---@field figures string
---@field range promptls.Range
---@field severity? string

--- Adds rows to a page, the most expensive first.
---@param page promptls.ReportPage
---@param heading string
---@param rows promptls.Row[]
---@param whole integer what a full bar stands for
local function add_rows(page, heading, rows, whole)
  if #rows == 0 then
    return
  end
  table.sort(rows, function(a, b)
    if a.cost ~= b.cost then
      return (a.cost or -1) > (b.cost or -1)
    end
    return a.range.start.line < b.range.start.line
  end)
  vim.list_extend(page.lines, { '', heading })
  table.insert(page.marks, { line = #page.lines - 1, group = 'Title' })
  for _, row in ipairs(rows) do
    local share = whole > 0 and (row.cost or 0) / whole or 0
    local line = ('  %s %3.0f %%  %s  %s'):format(
      figures.bar(share),
      100 * share,
      fitted(row.title),
      row.figures
    )
    table.insert(page.lines, line)
    page.places[#page.lines] = row.range
    if row.severity and GROUPS[row.severity] then
      table.insert(page.marks, { line = #page.lines - 1, group = GROUPS[row.severity] })
    end
  end
end

---@param report promptls.Report
---@return promptls.Row[]
local function section_rows(report)
  local by_line = severities(report, 'section')
  return vim.tbl_map(function(section)
    local text = figures.sent(section.tokens, section.expandedTokens)
      .. figures.share(section.budget)
    return {
      cost = section.expandedTokens or section.tokens,
      title = section.title,
      figures = section.sent and text or text .. ' · not sent',
      range = section.headRange,
      severity = by_line[section.headRange.start.line],
    }
  end, report.sections)
end

---@param report promptls.Report
---@return promptls.Row[]
local function reference_rows(report)
  local by_line = severities(report, 'reference')
  return vim.tbl_map(function(reference)
    local text = reference.tokens and figures.sent(reference.tokens, reference.expandedTokens)
    if not text or reference.status ~= 'resolved' then
      text = table.concat({ text or reference.status, text and reference.status or nil }, ' · ')
    end
    return {
      cost = reference.expandedTokens or reference.tokens,
      title = reference.target,
      figures = text,
      range = reference.range,
      severity = by_line[reference.range.start.line],
    }
  end, report.references)
end

---@param report promptls.Report
---@return string
local function basis(report)
  local parts = { ('counted in %s'):format(report.encoding) }
  if report.model then
    table.insert(parts, 1, report.model)
  end
  if report.estimate then
    local of = report.estimate
    local text = ('expected between %s and %s'):format(
      figures.number(of.low),
      figures.number(of.high)
    )
    table.insert(parts, text)
  end
  if report.framing then
    table.insert(
      parts,
      ('%s more around the messages'):format(figures.tokens(report.framing.tokens))
    )
  end
  return table.concat(parts, ' · ')
end

--- Puts a report into lines.
---@param name string what the document is called
---@param report promptls.Report
---@return promptls.ReportPage
function M.make(name, report)
  ---@type promptls.ReportPage
  local page = {
    lines = { name, figures.document(report), basis(report) },
    marks = { { line = 0, group = 'Title' } },
    places = {},
  }
  local whole = report.expandedTokens or report.tokens or 0
  add_rows(page, 'Sections by cost, with their subsections', section_rows(report), whole)
  add_rows(page, 'References by cost', reference_rows(report), whole)
  return page
end

return M

--- `:Promptls workspace`: the prompt documents of the workspace by cost, in the quickfix list.
local figures = require('promptls.figures')
local notice = require('promptls.notice')
local requests = require('promptls.requests')

---@class promptls.WorkspaceReport
---@field documents promptls.Report[] without sections and references
---@field totals { documents: integer, tokens: integer, expandedTokens: integer }
---@field complete boolean whether all documents were examined

local SEVERITIES = { 'error', 'warning' }

---@param report promptls.Report
---@return integer
local function cost_of(report)
  return report.estimate and report.estimate.likely or report.expandedTokens or report.tokens or -1
end

--- ` · 1 error, 2 warnings`
---@param findings promptls.Finding[]
---@return string
local function findings_text(findings)
  local parts = {}
  for _, severity in ipairs(SEVERITIES) do
    local number = vim.iter(findings):fold(0, function(sum, finding)
      return sum + (finding.severity == severity and 1 or 0)
    end)
    if number > 0 then
      table.insert(parts, ('%d %s%s'):format(number, severity, number > 1 and 's' or ''))
    end
  end
  return #parts > 0 and ' · ' .. table.concat(parts, ', ') or ''
end

---@type promptls.Command
return function(buffer)
  local client = requests.any_server(buffer)
  if not client then
    return
  end
  requests.ask(client, buffer, 'promptls/workspaceReport', vim.empty_dict(), function(result)
    ---@cast result promptls.WorkspaceReport
    if #result.documents == 0 then
      notice.info(
        result.complete and 'there are no prompts in this workspace'
          or 'the workspace is still being looked through'
      )
      return
    end
    table.sort(result.documents, function(a, b)
      if cost_of(a) ~= cost_of(b) then
        return cost_of(a) > cost_of(b)
      end
      return a.uri < b.uri
    end)
    local items = vim.tbl_map(function(report)
      return {
        filename = vim.uri_to_fname(report.uri),
        lnum = 1,
        text = figures.document(report) .. findings_text(report.findings),
      }
    end, result.documents)
    local title = ('promptls workspace: %s in %d documents%s'):format(
      figures.sent(result.totals.tokens, result.totals.expandedTokens),
      result.totals.documents,
      result.complete and '' or ', more to come'
    )
    vim.fn.setqflist({}, ' ', { title = title, items = items })
    vim.cmd.copen()
  end)
end

--- `:Promptls jobs`: the background work of the server.
local requests = require('promptls.requests')
local scratch = require('promptls.scratch')

---@class promptls.Job
---@field label string
---@field lane string
---@field priority string
---@field status string
---@field tries integer
---@field startedAt? number
---@field finishedAt? number
---@field error? string the name of the error's type

local STATUSES = { 'queued', 'running', 'retrying', 'done', 'failed', 'cancelled' }

---@param job promptls.Job
---@return string
local function line_of(job)
  local seconds = ''
  if job.startedAt and job.finishedAt then
    seconds = ('%.2f s'):format(job.finishedAt - job.startedAt)
  end
  local line = ('%-10s %9s  %s'):format(job.status, seconds, job.label:gsub('%s+', ' '))
  if job.tries > 1 then
    line = ('%s · %d tries'):format(line, job.tries)
  end
  return job.error and ('%s · %s'):format(line, job.error) or line
end

---@type promptls.Command
return function(buffer, call)
  local client = requests.any_server(buffer)
  if not client then
    return
  end
  requests.ask(client, buffer, 'promptls/jobs', vim.empty_dict(), function(result)
    local counts = {}
    for _, status in ipairs(STATUSES) do
      local number = result.counts[status] or 0
      if number > 0 then
        table.insert(counts, ('%d %s'):format(number, status))
      end
    end
    local lines = { #counts > 0 and table.concat(counts, ', ') or 'no work so far', '' }
    vim.list_extend(lines, vim.tbl_map(line_of, result.jobs))
    scratch.open({ name = 'jobs', filetype = 'promptls', mods = call.smods }, lines, {
      { line = 0, group = 'Title' },
    })
  end)
end

-- For wrk: requests the files of many nodes, or posts their progress.
-- Usage: wrk -s requests.lua URL -- get NODES, or post NODES TOKENS (a file with the token of each node in a line)
local kind, count, number = "get", 1, 0
local tokens = {}
local files = {"preseed.cfg", "late-command.sh", "overlay.tar.gz"}

function init(words)
  kind, count = words[1], tonumber(words[2])
  if words[3] then
    for line in io.lines(words[3]) do
      tokens[#tokens + 1] = line
    end
  end
  -- Each thread starts with another node.
  number = math.random(count)
end

function request()
  number = number + 1
  local index = number % count + 1
  local node = string.format("xen%05d", index)
  if kind == "get" then
    return wrk.format("GET", "/nodes/" .. node .. "/" .. files[number % #files + 1])
  end
  local body = string.format("xenseed/1 %s base - start %d.5 ", node, number)
  return wrk.format("POST", "/progress", {["Content-Type"] = "text/plain", ["Authorization"] = "Bearer " .. (tokens[index] or "")}, body)
end

-- Prints a line of numbers for Tests/Bench/run.
function done(summary, latency)
  local errors = summary.errors
  print(string.format("requests %d seconds %f p50 %f p99 %f failed %d", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

-- Takes permits of a quota's window for one process. docs/quotas.md tells the protocol.
--
-- KEYS[1]  the quota: a hash with the fields of the window, and one field for each process
-- ARGV     1 permits of a window, 2 its length in µs, 3 process, 4 sequence, 5 wanted, 6 demand, 7 window id, 8 returned, 9 spent
-- reply    granted, µs left, processes, fair share, µs until asking again is of use, window id
--
-- The only clock is the server's. Redis before 5 replicates scripts as they are unless told otherwise; later ones replicate what they wrote.
if redis.replicate_commands then redis.replicate_commands() end

local MOST_PROCESSES = 4096

local function number(value, low, high, otherwise)
  local n = tonumber(value)
  if not n or n ~= n then return otherwise end
  return math.max(low, math.min(high, n))
end

local function whole(n) return string.format('%.0f', n) end

local key = KEYS[1]
local permits = number(ARGV[1], 0, 1e15, 0)
local window = number(ARGV[2], 1, 1e15, 1)
local field = 'p:' .. ARGV[3]
local sequence = number(ARGV[4], 0, 1e15, 0)
local wanted = number(ARGV[5], 0, permits, 0)
local demand = number(ARGV[6], 0, permits, 0)
local returned = number(ARGV[8], 0, permits, 0)
local spent = number(ARGV[9], 0, permits, 0)

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])

local head = redis.pcall('HMGET', key, 'id', 'start', 'granted', 'reserved', 'level', 'spare', 'members', 'before', field)
if head.err then
  -- Something else stands there under a name that is ours.
  redis.call('DEL', key)
  head = {}
end

local id = number(head[1], 0, 1e16, nil)
local start = number(head[2], 0, 1e16, nil)
local granted = number(head[3], 0, permits, permits)
local reserved = number(head[4], 0, permits, 0)
local level = number(head[5], 0, permits, 0)
local spare = number(head[6], 0, permits, 0)
local members = number(head[7], 0, MOST_PROCESSES, 0)
local before = number(head[8], -1, 1e16, -1)

if id and start and now < start then
  -- The clock was set back: the window goes on from here with its count, at most one window longer.
  start = now
end

if not id or not start or now >= start + 2 * window then
  if id then redis.call('DEL', key) end
  id, start, before, granted, reserved, level, spare, members = now, now, -1, 0, 0, 0, 0, 0
elseif now >= start + window then
  -- The next window: those seen in the last one get a share by what they said they need, the smallest needs first.
  local demands = {}
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 2) == 'p:' then
      local seen, needs = string.match(all[i + 1], '^(%d+) %d+ %d+ (%d+) ')
      if tonumber(seen) == id and #demands < MOST_PROCESSES then
        demands[#demands + 1] = number(needs, 0, permits, 0)
      else
        redis.call('HDEL', key, all[i])
      end
    end
  end

  table.sort(demands)
  local left = permits
  level = permits
  for i, needs in ipairs(demands) do
    local equal = math.floor(left / (#demands - i + 1))
    if needs > equal then
      level = equal
      left = left - equal * (#demands - i + 1)
      break
    end
    left = left - needs
  end

  members = #demands
  reserved = permits - left
  spare = members > 0 and math.floor(left / members) or 0
  before, id, start, granted = id, math.max(now, id + 1), start + window, 0
end

local seen, last, taken, needs, due, share
local newcomer = false
if head[9] then seen, last, taken, needs, due, share = string.match(head[9], '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+)$') end
seen = number(seen, 0, 1e16, nil)
if seen == id then
  taken, due, share = number(taken, 0, permits, 0), number(due, 0, permits, 0), number(share, 0, permits, 0)
  if number(last, 0, 1e15, 0) >= sequence then
    -- This trip was here before. Nobody reads this answer.
    wanted, returned, spent, sequence = 0, 0, 0, number(last, 0, 1e15, 0)
  end
elseif seen == before and seen then
  taken, due = 0, math.min(number(needs, 0, permits, 0), level)
  share = math.min(permits, due + spare)
else
  members = math.min(MOST_PROCESSES, members + 1)
  -- In the first window nobody knows how many will come.
  taken, due, share = 0, 0, before >= 0 and math.floor(permits / members) or 0
  newcomer = true
end

if returned > 0 and number(ARGV[7], 0, 1e16, -1) == id then
  returned = math.min(returned, taken, granted)
  granted, taken = granted - returned, taken - returned
end

if spent > 0 then
  granted = math.min(permits, granted + spent)
  local kept = math.min(due, spent, reserved)
  due, reserved = due - kept, reserved - kept
end

if wanted == 0 and demand == 0 then
  -- It needs no share any more.
  reserved = math.max(0, reserved - due)
  due = 0
end

-- Its own share first; beyond it what is held for nobody. What is held for others melts away over the window.
local elapsed = math.min(1, (now - start) / window)
local available = math.max(0, permits - granted)
local own = math.min(due, wanted, available)
local held = math.ceil(math.max(0, reserved - due) * (1 - elapsed))
local grant = own + math.min(wanted - own, math.max(0, available - own - held))
local kept = math.min(due, grant, reserved)
granted, taken, due, reserved = granted + grant, taken + grant, due - kept, reserved - kept

local left = math.max(1, math.min(window, start + window - now))
local again = 0
if grant < wanted then
  if newcomer then
    -- It comes once more, to say what it needs before the shares of the next window are reckoned.
    again = left / 2
  elseif granted >= permits then
    -- In a long window something may be given back.
    again = window > 10000000 and math.min(left, window / 20) or left
  else
    again = math.min(left, window / 20 * math.max(1, members / 10))
  end
end

redis.call('HMSET', key, 'id', whole(id), 'start', whole(start), 'granted', whole(granted), 'reserved', whole(reserved), 'level', whole(level),
  'spare', whole(spare), 'members', whole(members), 'before', whole(before))
if members < MOST_PROCESSES then
  redis.call('HSET', key, field, table.concat({ whole(id), whole(sequence), whole(taken), whole(demand), whole(due), whole(share) }, ' '))
end
redis.call('PEXPIRE', key, whole(math.ceil(2 * window / 1000) + 1000))
return { grant, left, math.max(1, members), share, math.ceil(again), id }

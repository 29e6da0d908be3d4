-- A lease may be forgotten: neither the disk nor replicas need it (see doc.go). What is no Redis may not know how.
pcall(redis.set_repl, redis.REPL_NONE)
local lease, entry = KEYS[1], KEYS[2] -- no entry where it is not asked for
local holder, ttl = ARGV[1], ARGV[2]
local current = redis.call('HGET', lease, 'holder')
-- The caller holds it when the answer to the first run was lost.
if current and current ~= holder then
  redis.call('HSET', lease, 'awaited', 1)
  return {'held', math.max(1, redis.call('PTTL', lease))} -- 0 in its last millisecond
end
redis.call('HSET', lease, 'holder', holder)
redis.call('PEXPIRE', lease, ttl)
if not entry then return {'acquired', 0} end
return {'acquired', 0, redis.call('HMGET', entry, 'version', 'expiry', 'app', 'user', 'value')}

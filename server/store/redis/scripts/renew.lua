pcall(redis.set_repl, redis.REPL_NONE) -- see acquire.lua
local lease, holder, ttl = KEYS[1], ARGV[1], ARGV[2]
if redis.call('HGET', lease, 'holder') ~= holder then return {'lease lost'} end
redis.call('PEXPIRE', lease, ttl)
return {'renewed'}

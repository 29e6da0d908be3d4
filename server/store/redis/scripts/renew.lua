local holder, ttl = ARGV[3], ARGV[4]
if redis.call('HGET', lease, 'holder') ~= holder then return {'lease lost'} end
redis.call('PEXPIRE', lease, ttl)
return {'renewed'}

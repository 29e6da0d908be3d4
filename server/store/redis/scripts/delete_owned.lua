-- Ends one of an owner's entries.
local entry, index = KEYS[1], KEYS[2]
local key, app, user = ARGV[1], ARGV[2], ARGV[3]
local owner = redis.call('HMGET', entry, 'app', 'user')
local ended = 0
-- The entry may have become somebody else's, or its key after it expired.
if owner[1] == app and owner[2] == user then ended = redis.call('DEL', entry) end
redis.call('ZREM', index, key)
return {'deleted', ended}

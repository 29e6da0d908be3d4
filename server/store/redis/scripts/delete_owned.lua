local app, user = ARGV[3], ARGV[4]
local ended = 0
for _, theirs in ipairs(redis.call('ZRANGE', index_of(app, user), 0, -1)) do
  local owned = prefix .. 'entry:' .. theirs
  local owner = redis.call('HMGET', owned, 'app', 'user')
  -- The entry may have become somebody else's, or its key after it expired.
  if owner[1] == app and owner[2] == user then ended = ended + redis.call('DEL', owned) end
end
redis.call('DEL', index_of(app, user))
return {'deleted', ended}

<?php

use Illuminate\Cache\CacheServiceProvider;
use Illuminate\Filesystem\FilesystemServiceProvider;
use Illuminate\View\ViewServiceProvider;

return ['env' => 'production', 'debug' => false, 'timezone' => 'UTC', 'providers' => [CacheServiceProvider::class, FilesystemServiceProvider::class, ViewServiceProvider::class]];

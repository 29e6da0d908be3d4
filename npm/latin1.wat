;; Turns the UTF-8 of a text whose characters are all below 256 into one byte a character, in place. The build
;; assembles it for inline.js, where JavaScript that runs once would take several milliseconds.
(module
  (memory (import "" "memory") 1)

  ;; Takes the length of the UTF-8, which begins at 0, and returns how many characters it has.
  (func (export "decode") (param $length i32) (result i32)
    (local $from i32)
    (local $to i32)
    (local $byte i32)
    (loop $next
      (local.set $byte (i32.load8_u (local.get $from)))
      (local.set $from (i32.add (local.get $from) (i32.const 1)))
      (if (i32.ge_u (local.get $byte) (i32.const 0x80)) ;; the first of two: 110000xx 10xxxxxx
        (then
          (local.set $byte
            (i32.or
              (i32.shl (local.get $byte) (i32.const 6))
              (i32.and (i32.load8_u (local.get $from)) (i32.const 0x3f))))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))))
      (i32.store8 (local.get $to) (local.get $byte)) ;; its low eight bits
      (local.set $to (i32.add (local.get $to) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $from) (local.get $length))))
    (local.get $to)))

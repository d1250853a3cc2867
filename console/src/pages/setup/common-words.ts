// Words for the strength meter, most used first: what people take for a password, and what lies near this product. The list
// that refuses passwords is the server's, and longer.

export const commonWords: readonly string[] = `
password 123456 123456789 12345678 qwerty 111111 12345 1234567 123123 000000 iloveyou 1234567890 abc123 admin welcome
monkey dragon master letmein login princess football baseball sunshine shadow superman michael jordan harley ranger
trustno1 hunter batman starwars whatever freedom ninja mustang access flower passw0rd hello charlie donald secret
summer winter spring autumn january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday london berlin paris newyork america germany england
computer internet server network system security secure private public company business office account user root
administrator sallyport amazon aws cloud console production staging test testing demo default changeme temporary
change please remember forgot love money family mother father brother sister baby angel lovely happy lucky magic
orange banana apple cherry chocolate cookie coffee pepper ginger silver golden diamond purple yellow green black white
blue red tiger eagle lion bear wolf horse dolphin butterfly chicken rabbit kitten puppy soccer hockey tennis basketball
guitar music rock metal piano dance singer player gamer matrix pokemon zelda mario sonic naruto hogwarts gandalf
jennifer jessica ashley amanda daniel thomas robert william joseph andrew matthew anthony joshua david james john
peter martin stefan alexander christian sebastian nicole sarah laura anna maria julia sophie emma oliver lucas felix
correct horse battery staple the quick brown fox jumps over lazy dog open sesame trust nobody god jesus christ heaven
november rain blink linkin park metallica nirvana slipknot eminem arsenal chelsea liverpool barcelona madrid juventus
`
  .trim()
  .split(/\s+/)

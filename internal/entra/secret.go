package entra

// SoonDays is how many days before its end a client secret counts as expiring soon.
const SoonDays = 30

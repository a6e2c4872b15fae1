"""How well a way of searching finds what people judged relevant; nothing that serves people imports this."""

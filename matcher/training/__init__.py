"""How the bundled encoder is made; nothing that serves people imports this."""

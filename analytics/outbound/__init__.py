"""The neighbours that are told: the Front, the Data App, the websocket server."""

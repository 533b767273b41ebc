"""Pages about an inventory: of each system, client and datacenter, from one text as Markdown and as HTML. Pure."""

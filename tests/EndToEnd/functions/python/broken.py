raise RuntimeError("raised while the module loads")

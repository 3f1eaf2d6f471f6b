"""Resources for the engine, one component and its Args a module; `manifests/` and `settings/` say what is in them."""

using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .hello) ],
  sockets = [ (name = "http", address = "127.0.0.1:PORT", http = (), service = "main") ]
);

const hello :Workerd.Worker = (
  modules = [
    (name = "worker.mjs", esModule = embed "worker.mjs"),
    (name = "hello.mjs", esModule = embed "hello.mjs")
  ],
  compatibilityDate = "2025-01-01"
);

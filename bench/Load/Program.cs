using Lambent.Load;

return await new BenchCommand(Console.Out, Console.Error).RunAsync(args);

using Lambent.Simulation.Runs;
using Xunit.Runner.InProc.SystemConsole;

// The same program is the tests and what they start: a runner with a thread pool of its own kind.
return SeedCommand.IsMeant(args) ? new SeedCommand(Console.Out).Run(args) : await ConsoleRunner.Run(args);

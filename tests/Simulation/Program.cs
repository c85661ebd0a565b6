using Lambent.Simulation.Bugs;
using Lambent.Simulation.Runs;
using Lambent.Simulation.Scheduling;

if (Environment.GetEnvironmentVariable("LAMBENT_SEED") is { } text)
{
    Pump.LimitThreads();
    var watch = System.Diagnostics.Stopwatch.StartNew();
    var run = SeedRun.Run(int.Parse(text), PlantedBug.None, true);
    foreach (var line in run.Lines) Console.WriteLine(line);
    Console.WriteLine($"{run.Seed} {run.Hash} {run.Violation} {run.Steps} {run.Simulated} {watch.ElapsedMilliseconds}");
    return 0;
}
if (args is ["range", var a, var b])
{
    Pump.LimitThreads();
    var watch = System.Diagnostics.Stopwatch.StartNew();
    for (var seed = int.Parse(a); seed < int.Parse(b); seed++)
    {
        var run = SeedRun.Run(seed, PlantedBug.None, false);
        Console.WriteLine($"{run.Seed} {run.Hash} {run.Violation} {run.Steps} {run.Simulated} {watch.ElapsedMilliseconds}");
    }
    return 0;
}
return 0;

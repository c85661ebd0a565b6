using Lambent.Simulation.Bugs;
using Lambent.Simulation.Events;
using Lambent.Simulation.Mappings;
using Lambent.Simulation.Push;
using Lambent.Simulation.Queues;
using Lambent.Simulation.Schedules;
using Lambent.Simulation.Serverless;
using Lambent.Simulation.Servers;
using Lambent.Simulation.Webhooks;

namespace Lambent.Simulation.Runs;

/// <summary>How one seed went.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Story">What was simulated.</param>
/// <param name="Hash">The fingerprint of what happened.</param>
/// <param name="Violation">The rule that was broken, or null.</param>
/// <param name="Lines">The last lines of the event log.</param>
/// <param name="Steps">Things that happened.</param>
/// <param name="Simulated">Virtual time that passed.</param>
internal sealed record SeedRun(
    int Seed,
    string Story,
    string Hash,
    string? Violation,
    IReadOnlyList<string> Lines,
    long Steps,
    TimeSpan Simulated)
{
    /// <summary>The stories; a seed tells one of them.</summary>
    private static readonly (string Name, Func<World, PlantedBug, Func<Task>> Tell)[] Stories =
    [
        ("events", (world, bug) => new EventStory(world, bug).TellAsync),
        ("queues", (world, bug) => new QueueStory(world, bug).TellAsync),
        ("serverless", (world, bug) => new ServerlessStory(world, bug).TellAsync),
        ("schedules", (world, bug) => new ScheduleStory(world, bug).TellAsync),
        ("mappings", (world, bug) => new MappingStory(world, bug).TellAsync),
        ("push", (world, bug) => new PushStory(world, bug).TellAsync),
        ("webhooks", (world, bug) => new WebhookStory(world, bug).TellAsync),
    ];

    /// <summary>The name of the story that a seed tells.</summary>
    public static string StoryOf(int seed) => Stories[seed % Stories.Length].Name;

    /// <summary>Runs a seed. Blocks; not to be called in the thread pool, which has to be one thread.</summary>
    public static SeedRun Run(int seed, PlantedBug bug, TextWriter? live)
    {
        using var world = new World(seed, live);
        var (story, tell) = Stories[seed % Stories.Length];
        world.Run(tell(world, bug));
        return new SeedRun(
            seed,
            story,
            world.Log.Hash,
            world.Violation,
            [.. world.Log.Lines],
            world.Scheduler.Steps,
            world.Scheduler.Now);
    }
}

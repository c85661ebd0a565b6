using Lambent.Sandbox.Tests.Isolation;
using Xunit;
using Xunit.Runner.InProc.SystemConsole;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

// The tests of what a killed host leaves behind need a host of their own to kill: this program once more.
return args is [HostToKill.Verb, var folder]
    ? await HostToKill.RunAsync(folder)
    : await ConsoleRunner.Run(args);

global using Lambent.EndToEnd.Calls;
global using Lambent.EndToEnd.Packages;
global using Lambent.EndToEnd.Servers;
global using Shouldly;
global using Xunit;

// The tests measure time limits and fill the machine: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

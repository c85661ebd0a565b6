using Lambent.Cli.Sources;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Sources;

public sealed class AssemblyHandlersTests
{
    [Fact]
    public void Find_assembly_listsHandlersByTheirNames()
    {
        using var assembly = File.OpenRead(typeof(AssemblyHandlersTests).Assembly.Location);
        AssemblyHandlers.Find(assembly).ShouldBe(
        [
            "Lambent.Cli.Tests::Lambent.Cli.Tests.Examples.GreetFunction::FunctionHandler",
            "Lambent.Cli.Tests::Lambent.Cli.Tests.Examples.OrderHandler::HandleAsync",
            "Lambent.Cli.Tests::Lambent.Cli.Tests.Examples.StaticFunctions::Handle",
        ]);
    }

    [Fact]
    public void Find_noAssembly_saysSo()
    {
        using var text = new MemoryStream("not an assembly"u8.ToArray());
        Should.Throw<BadImageFormatException>(() => AssemblyHandlers.Find(text));
    }
}

using Lambent.Sandbox.Isolation.Namespaces;
using Shouldly;
using Xunit;

namespace Lambent.Sandbox.Tests.Isolation.Namespaces;

public sealed class SystemFilesTests
{
    [Fact]
    public void Making_readable_leaves_what_links_lead_to_alone()
    {
        var root = Directory.CreateTempSubdirectory("lt-");
        try
        {
            var outside = root.CreateSubdirectory("outside");
            var program = Path.Combine(outside.FullName, "program");
            File.WriteAllText(program, "");
            File.SetUnixFileMode(program, UnixFileMode.UserExecute);
            var inside = root.CreateSubdirectory("inside");
            var own = Path.Combine(inside.CreateSubdirectory("deep").FullName, "own");
            File.WriteAllText(own, "");
            File.CreateSymbolicLink(Path.Combine(inside.FullName, "folder"), outside.FullName);
            File.CreateSymbolicLink(Path.Combine(inside.FullName, "file"), program);

            SystemFiles.MakeReadable(inside);

            File.GetUnixFileMode(program).ShouldBe(UnixFileMode.UserExecute);
            ((int)File.GetUnixFileMode(own)).ShouldBe(0x1A4);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}

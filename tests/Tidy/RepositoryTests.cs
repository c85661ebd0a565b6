using Lambent.Tidy.Files;
using Lambent.Tidy.Rules;
using Lambent.Tidy.Tables;
using Xunit;

namespace Lambent.Tidy;

/// <summary>The rules, held against this repository. A finding says file, line and what to do.</summary>
public sealed class RepositoryTests
{
    private static readonly Repository Repository = Repository.Current;

    [Fact]
    public void Projects_reference_only_what_the_table_allows() =>
        Each(file => Projects.References(file, ProjectTable.Rows));

    [Fact]
    public void The_table_of_projects_has_no_row_for_a_project_that_is_gone() =>
        Projects.Rows(Repository, ProjectTable.Rows).ShouldBeNone();

    [Fact]
    public void Folders_of_the_server_use_each_other_in_one_direction() => Each(ServerFolders.Edges);

    [Fact]
    public void Files_are_short() => Each(Sizes.Files);

    [Fact]
    public void Lines_are_short() => Each(Sizes.Lines);

    [Fact]
    public void Functions_are_short() => Each(file => Sizes.Functions(file, LongFunctions.Listed));

    [Fact]
    public void Names_are_not_vague() => Each(Names.VagueNames);

    [Fact]
    public void Namespaces_follow_folders() => Each(file => Names.Namespaces(Repository, file));

    [Fact]
    public void Sql_is_only_in_storage() => Each(Containment.Sql);

    [Fact]
    public void Processes_are_started_only_by_the_sandbox() => Each(Containment.Processes);

    [Fact]
    public void Other_programs_are_called_only_through_the_outbound_guard() => Each(Containment.Requests);

    [Fact]
    public void Time_comes_from_a_provider() => Each(Containment.Clocks);

    [Fact]
    public void The_kernel_has_no_chance_of_its_own() => Each(Containment.Chance);

    [Fact]
    public void Nothing_is_left_unfinished() => Each(Contents.Unfinished);

    [Fact]
    public void No_file_names_a_machine_or_a_registry() => Each(Contents.Places);

    [Fact]
    public void Lock_files_name_no_registry() => Each(Contents.LockFiles);

    [Fact]
    public void The_license_is_there() => Contents.License(Repository).ShouldBeNone();

    [Fact]
    public void The_architecture_page_is_true() => Architecture.Check(Repository).ShouldBeNone();

    [Fact]
    public void Every_error_has_its_page() => ErrorPages.Check(Repository).ShouldBeNone();

    [Fact]
    public void Links_between_pages_lead_somewhere() => Each(file => Markdown.Links(Repository, file));

    [Fact]
    public void Pages_have_one_title() => Each(Markdown.Titles);

    [Fact]
    public void Command_lines_in_the_documentation_exist() => ShownCommands.Check(Repository).ShouldBeNone();

    private static void Each(Func<SourceFile, IEnumerable<Finding>> rule) =>
        Repository.Files.SelectMany(rule).ShouldBeNone();
}

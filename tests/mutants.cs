#:property PublishAot=false
using System.Globalization;
using System.Text.Json;

// Reads a report of tests/mutation.sh: mutants.cs REPORT PAGE FOLDER SCORE. Lists the changes that no test noticed and that the page gives no reason for.
using JsonDocument report = JsonDocument.Parse(File.ReadAllBytes(args[0]));
string[] page = File.ReadAllLines(args[1]);
double least = double.Parse(args[3], CultureInfo.InvariantCulture);
int killed = 0;
int reasoned = 0;
List<string> survivors = [];
foreach (JsonProperty file in report.RootElement.GetProperty("files").EnumerateObject())
{
    string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
    string name = Path.GetFileName(file.Name);
    foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
    {
        switch (mutant.GetProperty("status").GetString())
        {
            case "Killed" or "Timeout":
                killed++;
                break;
            case "Survived" or "NoCoverage":
                string change = Change(lines, mutant);

                // Without its line number, so that it is known again after others were added above it.
                if (page.Any(l => l.Contains($"`{name}`", StringComparison.Ordinal) && l.Contains($"`{change}`", StringComparison.Ordinal)))
                {
                    reasoned++;
                }
                else
                {
                    survivors.Add($"{name}:{mutant.GetProperty("location").GetProperty("start").GetProperty("line")}: {change}");
                }

                break;
        }
    }
}

int counted = killed + survivors.Count;
double score = counted == 0 ? 100 : 100.0 * killed / counted;
survivors.ForEach(Console.WriteLine);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{args[2]}: {score:0.0} % of {counted} changes were noticed, at least {least:0} are asked for; {survivors.Count} were not, {reasoned} more stay with a reason"));
return score >= least ? 0 : 1;

static string Change(string[] lines, JsonElement mutant)
{
    JsonElement start = mutant.GetProperty("location").GetProperty("start");
    JsonElement end = mutant.GetProperty("location").GetProperty("end");
    (int row, int from) = (start.GetProperty("line").GetInt32() - 1, start.GetProperty("column").GetInt32() - 1);
    (int last, int to) = (end.GetProperty("line").GetInt32() - 1, end.GetProperty("column").GetInt32() - 1);
    string before = row == last ? lines[row][from..Math.Min(to, lines[row].Length)] : $"{lines[row][from..].Trim()} …";
    string after = mutant.TryGetProperty("replacement", out JsonElement text) ? text.GetString()!.Split('\n')[0].Trim() : "";
    return Short($"{before} → {after}");
}

static string Short(string text) => text.Length > 160 ? text[..160] : text;

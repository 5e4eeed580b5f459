package dev.metaprompt.plugin;

import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.component.configurator.expression.ExpressionEvaluationException;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** Finds the places where a goal's options are written: the project, its POM, the command line. */
final class ProjectOptions {
    private final MavenSession session;
    private final MavenProject project;
    private final MojoExecution execution;

    ProjectOptions(MavenSession session, MavenProject project, MojoExecution execution) {
        this.session = session;
        this.project = project;
        this.execution = execution;
    }

    Options gather() throws MojoFailureException {
        String pom =
                project.getFile() == null ? "settings.xml" : project.getFile().toString();
        return new Options()
                .addProjectProperties(project.getProperties(), "<properties> of " + pom)
                .addConfiguration(configuration(), "<configuration> of " + pom + executionText(), this::evaluate)
                .addSystemProperties(session.getSystemProperties(), session.getUserProperties())
                .addOffline(session.isOffline())
                .addUserProperties(session.getUserProperties());
    }

    private String executionText() {
        return execution.getSource() == MojoExecution.Source.CLI ? "" : ", execution " + execution.getExecutionId();
    }

    /** The POM's elements as written: what Maven injects lacks those it does not know, and those would go unnoticed. */
    private Xpp3Dom configuration() {
        Plugin plugin = project.getPlugin(execution.getPlugin().getKey());
        if (plugin == null && project.getPluginManagement() != null) {
            plugin = project.getPluginManagement()
                    .getPluginsAsMap()
                    .get(execution.getPlugin().getKey());
        }
        if (plugin == null) {
            return null;
        }
        PluginExecution bound = plugin.getExecutionsAsMap().get(execution.getExecutionId());
        return (Xpp3Dom) (bound == null ? plugin.getConfiguration() : bound.getConfiguration());
    }

    private String evaluate(String text) throws MojoFailureException {
        try {
            Object value = new PluginParameterExpressionEvaluator(session, execution).evaluate(text);
            return value == null ? null : value.toString();
        } catch (ExpressionEvaluationException e) {
            throw new MojoFailureException("<configuration> holds " + text + ": " + FaultWords.of(e), e);
        }
    }
}
